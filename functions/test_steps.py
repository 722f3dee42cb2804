"""What every Python shape of the function shares, by itself."""

import copy

from steps import Environment


def test_environments_restored_from_one_snapshot_have_ids_of_their_own():
    snapshot = Environment()
    environments = [copy.deepcopy(snapshot) for _ in range(2)]
    headers = [environment.invoke(lambda clock: "id")["headers"] for environment in environments]
    assert headers[0]["x-execution-environment"] != headers[1]["x-execution-environment"]
    assert [each["x-invocation"] for each in headers] == ["1", "1"]
