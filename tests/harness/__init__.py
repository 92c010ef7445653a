"""What the tests stand on: databases, brokers, workers, servers and browsers, one file each.

Fixtures for everybody:

database    `db` rolls back; `django_db(transaction=True)` commits, and afterwards everything is put back
broker      a real Valkey, empty, that a test may stop and start; without it the broker is away
worker      a real Celery worker with beat, in a process of its own, that a test may kill
web_server  a real granian, in a process of its own, on the test's database
eager_tasks tasks rung after a commit run at once, in this process
seeded      the demonstration as `seed_demo` leaves it, and what it printed; committed, put back afterwards
page        a Chromium page; `new_page` opens one for every further person
"""
