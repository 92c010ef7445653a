def pytest_addoption(parser):
    parser.addoption("--write-matrix", action="store_true", help="Propose tests/permissions/permissions.csv anew.")
