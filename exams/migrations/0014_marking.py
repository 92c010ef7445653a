import django.db.models.deletion
import exams.models.marking
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0008_cut_studies'),
        ('standards', '0003_inline_editing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('place', models.PositiveIntegerField()),
                ('points', models.JSONField(default=dict)),
                ('total', models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True, verbose_name='points')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('assigned_at', models.DateTimeField()),
                ('marked_at', models.DateTimeField(blank=True, null=True, verbose_name='marked at')),
            ],
            options={
                'verbose_name': 'mark',
                'verbose_name_plural': 'marks',
                'ordering': ['task', 'round'],
            },
        ),
        migrations.CreateModel(
            name='MarkingTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('script', models.CharField(default=exams.models.marking.script_number, max_length=8, unique=True, verbose_name='script')),
                ('status', models.CharField(choices=[('waiting', 'waiting for a marker'), ('assigned', 'being marked'), ('apart', 'marks too far apart'), ('settled', 'points settled')], default='waiting', max_length=10, verbose_name='status')),
                ('is_double', models.BooleanField(verbose_name='marked by two')),
                ('third_above', models.DecimalField(decimal_places=3, max_digits=7)),
                ('opened_at', models.DateTimeField()),
                ('points', models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True, verbose_name='points')),
                ('way', models.CharField(blank=True, choices=[('single', 'one mark'), ('mean', 'mean of two marks'), ('third', 'third mark')], max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'answer to mark',
                'verbose_name_plural': 'answers to mark',
                'ordering': ['version', 'script'],
            },
        ),
        migrations.AddField(
            model_name='exam',
            name='marking',
            field=models.CharField(choices=[('single', 'by one marker'), ('double', 'by two markers')], default='single', max_length=10, verbose_name='marking'),
        ),
        migrations.AddField(
            model_name='exam',
            name='third_marker_above_percent',
            field=models.PositiveSmallIntegerField(default=20, verbose_name='third marker above, in percent'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('marking__in', ['single', 'double'])), name='exam_marking_known'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('third_marker_above_percent__lte', 100)), name='third_marker_above_a_percentage'),
        ),
        migrations.AddField(
            model_name='mark',
            name='marker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='markingtask',
            name='attempt',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marking_tasks', to='exams.attempt'),
        ),
        migrations.AddField(
            model_name='markingtask',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_tasks', to='exams.itemversion'),
        ),
        migrations.AddField(
            model_name='mark',
            name='task',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='exams.markingtask'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.UniqueConstraint(fields=('attempt', 'position'), name='one_marking_task_per_position'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('points__isnull', True), ('settled_at__isnull', True), ('status__in', ['waiting', 'assigned', 'apart']), ('way', '')), models.Q(('points__gte', 0), ('points__isnull', False), ('settled_at__isnull', False), ('status', 'settled'), ('way__in', ['single', 'mean', 'third'])), _connector='OR'), name='settled_answer_has_its_points'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(('is_double', True), models.Q(('status', 'apart'), _negated=True), _connector='OR'), name='one_mark_is_never_apart'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_double', True), ('way__in', ['', 'mean', 'third'])), models.Q(('is_double', False), ('way__in', ['', 'single'])), _connector='OR'), name='points_came_about_by_the_rule'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('task', 'marker'), name='one_mark_per_marker_and_answer'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('task', 'round'), name='one_mark_per_round'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2, 3])), name='three_marks_at_most'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('marked_at__isnull', True), ('total__isnull', True)), models.Q(('marked_at__isnull', False), ('total__gte', 0), ('total__isnull', False)), _connector='OR'), name='handed_in_mark_has_its_total'),
        ),
    ]
