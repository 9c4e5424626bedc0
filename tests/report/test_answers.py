"""A documented answer was given to somebody, or it is listed with a reason."""

from docs.fidelity import Row

from contract_tests.report.answers import UNTOLD, answers
from contract_tests.report.heard import Answer, Exercised
from contract_tests.report.judges import IN_PROCESS, JOURNEYS
from contract_tests.report.keywords import Keywords
from contract_tests.report.tally import tally

KILN = Keywords(
    {
        "paths": {
            "/fire": {
                "post": {
                    "operationId": "fire",
                    "parameters": [
                        {"name": "heat", "in": "query", "schema": {"type": "integer", "maximum": 1300}}
                    ],
                    "responses": {"200": {}, "400": {}, "413": {}},
                }
            },
            "/look": {"get": {"operationId": "look", "responses": {"200": {}}}},
        }
    }
)
HEAT = "/paths/~1fire/post/parameters/0/schema"
ROW = Row(
    id="kiln/413", about="", mark="ours", source="", tests=["tests/a.py::test_large"], covers=["kiln/*/413"]
)


def given(operation: str, status: int, judge: str = JOURNEYS.name) -> Answer:
    return Answer(judge=judge, vendor="kiln", operation=operation, status=status)


def test_an_answer_tells_who_was_given_it() -> None:
    heard = [given("fire", 200), given("fire", 200, IN_PROCESS.name), given("fire", 200)]

    fire, look = answers("kiln", KILN, heard, {}, []).operations

    assert (fire.method, fire.path) == ("POST", "/fire")
    assert fire.cells[0].judges == (IN_PROCESS.name, JOURNEYS.name)
    assert fire.cells[0].calls == 3
    assert look.cells[0].judges == ()


def test_what_nobody_was_given_has_a_reason_and_the_tests_of_its_statement() -> None:
    found = answers("kiln", KILN, [given("look", 200)], {"kiln/413": "needs a large kiln"}, [ROW])

    assert [(gap.status, gap.why, gap.operations, gap.tests) for gap in found.gaps] == [
        ("200", UNTOLD, ("fire",), ()),
        ("400", UNTOLD, ("fire",), ()),
        ("413", "needs a large kiln", ("fire",), ("tests/a.py::test_large",)),
    ]
    assert (found.reached, found.documented, found.succeeded) == (1, 4, 1)


def test_an_answer_that_is_not_documented_is_told() -> None:
    found = answers("kiln", KILN, [given("look", 418), given("look", 200)], {}, [])

    assert [(operation.id, status) for operation, status in found.strange] == [("look", 418)]


def test_an_answer_counts_for_the_range_or_the_default_that_documents_it() -> None:
    ask = {"operationId": "ask", "responses": {"404": {}, "4XX": {}, "default": {}}}

    found = answers(
        "kiln",
        Keywords({"paths": {"/ask": {"get": ask}}}),
        [given("ask", 404), given("ask", 422), given("ask", 200)],
        {},
        [],
    )

    assert [(cell.status, cell.calls) for cell in found.operations[0].cells] == [
        ("404", 1),
        ("4XX", 1),
        ("default", 1),
    ]
    assert (found.succeeded, found.strange) == (1, [])


def test_the_answers_of_another_vendor_do_not_count() -> None:
    heard = [Answer(judge=JOURNEYS.name, vendor="oven", operation="look", status=200)]

    assert answers("kiln", KILN, heard, {}, []).reached == 0


def test_keywords_are_counted_by_judge_and_what_is_left_is_named() -> None:
    kept = Exercised(judge=JOURNEYS.name, vendor="kiln", operation="fire", keyword=f"{HEAT}/type", kept=True)

    found = tally("kiln", KILN, [kept])

    assert [word.name for word in found.words] == ["maximum", "type"]
    assert (found.places, found.kept, found.broken) == (2, 1, 0)
    assert found.judges == {JOURNEYS.name}
    assert found.untouched == {f"{HEAT}/maximum": ["fire"]}
    assert found.unbroken == {f"{HEAT}/type": ["fire"]}
