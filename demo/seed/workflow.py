"""Items on their way: one with each reviewer, one of them with a comment; a group that overlaps; and when items rest."""

from __future__ import annotations

from demo.seed.exams import EXAM
from demo.seed.people import login
from exams.actions.bank import create_item, save_content, write_version
from exams.actions.comments import write_comment
from exams.actions.overlaps import create_overlap_group
from exams.actions.resting import set_exposure_rules
from exams.actions.reviews import approve_subject, submit_for_review
from exams.content import Choice, VersionContent, Wording
from exams.models import Exam, ItemBank, ItemVersion
from exams.rules.reviewing import proposed_review

OVERLAPPING = ("PTL1-1-011", "PTL1-5-001")
# Far above what the demonstration's few candidates come to, so that nothing here rests by itself.
RULES = {"rest_after": 400, "rest_days": 180, "retire_after": 2000}

PICKLE = VersionContent(
    wordings={
        "en": Wording(
            "<p>A supplier delivers a model as a Python pickle file. What is the main risk of loading it?</p>",
            "<p>A pickle can name functions that are called while it is read, so loading it can run code.</p>",
            "Course AIS-PT-10, lesson PT-10-3",
        ),
        "zh-hans": Wording(
            "<p>供应商以 Python pickle 文件交付模型。加载该文件的主要风险是什么？</p>",
            "<p>pickle 可以指定在读取时调用的函数，因此加载它可能会执行代码。</p>",
            "课程 AIS-PT-10，课次 PT-10-3",
        ),
    },
    choices=(
        Choice({"en": "Code that the file carries may run", "zh-hans": "文件携带的代码可能被执行"}, is_key=True),
        Choice({"en": "The weights are rounded on the way", "zh-hans": "权重在过程中被舍入"}),
        Choice({"en": "The model can no longer be trained", "zh-hans": "模型无法再继续训练"}),
        Choice({"en": "The file takes more room on the disk", "zh-hans": "文件占用更多磁盘空间"}),
    ),
)
LOGGED = VersionContent(
    wordings={
        "en": Wording(
            "<p>A credit model refused an applicant a year ago. Which entry of the log is needed most to explain that?</p>",
            "<p>Without the version of the model that answered, the decision cannot be made again.</p>",
            "Course AIS-PT-10, lesson PT-10-5",
        ),
        "zh-hans": Wording(
            "<p>一年前，某信贷模型拒绝了一位申请人。要解释该决定，最需要日志中的哪一项？</p>",
            "<p>如果不知道当时作答的模型版本，就无法重现该决定。</p>",
            "课程 AIS-PT-10，课次 PT-10-5",
        ),
    },
    choices=(
        Choice({"en": "The version of the model that answered", "zh-hans": "当时作答的模型版本"}, is_key=True),
        Choice({"en": "The name of the server's operator", "zh-hans": "服务器运营者的名称"}),
        Choice({"en": "The size of the training set", "zh-hans": "训练集的大小"}),
        Choice({"en": "The average load of that day", "zh-hans": "当日的平均负载"}),
    ),
)


def bring_items_on_their_way() -> None:
    writer, reviewer = login("item_writer"), login("item_reviewer")
    bank = Exam.objects.get(code=EXAM).blueprint.bank
    waiting = _handed_in(bank, "PTL1-3-901", 3, PICKLE)
    write_comment(waiting, "Option 4 is easy to rule out. Is there a better distractor?", by=reviewer)
    approve_subject(_handed_in(bank, "PTL1-7-901", 7, LOGGED), by=reviewer, comment="The key holds.")
    items = list(bank.items.filter(code__in=OVERLAPPING))
    create_overlap_group(bank, code="OG-INJECTION", name="Direct or indirect injection", items=items, by=writer)
    set_exposure_rules(bank, **RULES, by=login("administrator"))


def _handed_in(bank: ItemBank, code: str, area: int, content: VersionContent) -> ItemVersion:
    writer = login("item_writer")
    line = bank.blueprints.get().lines.get(number=area)
    competence = line.competences.order_by("code").first()
    if competence is None:
        raise LookupError(f"area {area} names no competence")
    item = create_item(
        bank,
        code=code,
        type="single_choice",
        competence=competence,
        content_area=area,
        cognitive_level="understand",
        no_edition=True,
        review_by=proposed_review(),
        by=writer,
    )
    return submit_for_review(save_content(write_version(item, by=writer), content, by=writer), by=writer)
