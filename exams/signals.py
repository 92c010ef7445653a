"""What exams tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

attempt_submitted = Signal()  # attempt_id
attempt_scored = Signal()  # attempt_id, result_id
result_released = Signal()  # result_id
result_corrected = Signal()  # result_id, change_id: a released result changed by a committed re-mark

# Not news but a question, asked inside the transaction: what rests on these results? Each receiver answers with a list of
# {"result": uuid, "kind", "name", "status", "link"}, words in English; exams knows nothing of what they are.
what_rests_on_results = Signal()  # result_uuids

# Another question: which lessons teach these competences? Answers are {competence id: [{"title", "link"}]}.
where_to_learn = Signal()  # competence_ids
