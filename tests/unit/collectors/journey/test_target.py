"""What may be written as a journey, and what is said, at which line, about what may not."""

import pytest

from collectors.core.decode import DecodeError
from collectors.journey.private import is_private
from collectors.journey.take import Source, Take
from collectors.journey.target import Budget
from tests.unit.collectors.journey.journeys import decode

A = "https://a.example/"


def problems(text: str) -> list[str]:
    with pytest.raises(DecodeError) as caught:
        decode(text)
    return [str(problem).partition(" (hint")[0] for problem in caught.value.problems]


def step(fields: str) -> list[str]:
    """The problems of a journey of one step, without their place."""
    return [line.partition("steps.only")[2] for line in problems(f"steps: {{only: {{url: '{A}', {fields}}}}}")]


def test_one_url_is_a_journey_within_the_plan_of_this_year() -> None:
    target = decode(f"steps: {{home: {{url: {A}}}}}")
    assert (target.budget, target.steps["home"].method) == (Budget(300), "GET")
    assert target.known_hosts == {"a.example"}


@pytest.mark.parametrize(("text", "seconds"), [("plan_2025", 480), ("plan_2026", 300), ("1m30s", 90)])
def test_a_budget_is_a_plans_or_a_duration(text: str, seconds: float) -> None:
    budget = decode(f"{{steps: {{home: {{url: {A}}}}}, budget: {text}}}").budget
    assert (type(budget), budget) == (Budget, seconds)


def test_hosts_are_those_that_are_written() -> None:
    text = f"""
    steps:
      one: {{url: {A}, take: {{x: location}}, status: [302], follow_redirects: false}}
      two: {{url: 'http://B.example:8080/{{x}}'}}
    clean_up:
      three: {{url: "{{x}}"}}
    hosts: [c.example]
    """
    assert decode(text).known_hosts == {"a.example", "b.example", "c.example"}


def test_names_are_held_against_what_was_taken_before_with_their_lines() -> None:
    text = f"""\
steps:
  one:
    url: {A}{{later}}
    take:
      unused: header X-A
      later: header X-B
  two:
    url: {A}
    headers: {{X-C: "{{typo}}"}}
    take: {{later: header X-D}}
clean_up:
  two:
    url: {A}
"""
    assert problems(text) == [
        "agent.yml:2 steps.one: {later} is not taken by any step before; known here: nothing",
        "agent.yml:5 steps.one.take.unused: {unused} is not used by any step",
        "agent.yml:7 steps.two: {typo} is not taken by any step before; known here: unused, later",
        "agent.yml:10 steps.two.take.later: is taken twice; the first is steps.one.take.later",
        "agent.yml:12 clean_up.two: is also the name of a step",
    ]


def test_a_token_that_the_site_gave_to_everybody_is_no_login() -> None:
    decode(
        f"steps: {{a: {{url: {A}, take: {{x: header X-Token}}}},"
        f" b: {{url: {A}, headers: {{Authorization: 'Bearer {{x}}'}}}}}}"
    )


def test_a_name_in_a_clean_up_may_come_from_any_step() -> None:
    decode(f"{{steps: {{a: {{url: {A}, take: {{x: status}}}}}}, clean_up: {{b: {{url: '{A}{{x}}'}}}}}}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("steps: {}", "steps: should be between 1 and 20"),
        (f"steps: {{Home: {{url: {A}}}}}", "steps.Home: is not a step's name"),
        (f"{{steps: {{a: {{url: {A}}}}}, budget: 0s}}", "budget: should be more than 0"),
        (f"{{steps: {{a: {{url: {A}}}}}, budget: plan_2027}}", "budget: 'plan_2027' is not a duration"),
        (f"{{steps: {{a: {{url: {A}}}}}, reserve: 0s}}", "reserve: should be more than 0"),
    ],
)
def test_slips_of_the_whole_are_found(text: str, line: str) -> None:
    (found,) = problems(text)
    assert f" {line}" in found


def test_the_number_of_steps_is_bounded() -> None:
    def steps(count: int) -> str:
        return ", ".join(f"s{number}: {{url: {A}}}" for number in range(count))

    decode(f"{{steps: {{{steps(20)}}}}}")
    assert problems(f"{{steps: {{{steps(21)}}}}}") == ["agent.yml:1 steps: should be between 1 and 20"]
    clean_up = ", ".join(f"c{number}: {{url: {A}}}" for number in range(6))
    assert problems(f"{{steps: {{{steps(1)}}}, clean_up: {{{clean_up}}}}}") == [
        "agent.yml:1 clean_up: should be at most 5 steps"
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ("form: {a: b}", ".form: means nothing for GET; write method: POST"),
        ("method: POST, form: {}, json: '{}'", ".json: means nothing beside form: a request has one body"),
        ("method: POST, json: '{a'", ".json: is not JSON; write a text such as"),
        ("method: HEAD, body_matches: [a]", ".method: HEAD brings no body"),
        ("headers: {'a b': c}", ".headers: 'a b' is not the name of a header"),
        ("headers: {Cookie: a=b}", ".headers.Cookie: is set by the journey itself"),
        ("headers: {X: Đ}", ".headers.X: has letters that a header cannot carry"),
        ("headers: {Authorization: Basic YTpi}", ".headers.Authorization: is a login; a journey never logs in"),
        ("timeout: 0s", ".timeout: should be more than 0"),
        ("max_body: 0", ".max_body: should be between 1 and 10485760 bytes"),
        ("take: {X: status}", ".take.X: is not a name"),
        ("take: {x: location}", ".take.x: a location is only seen with follow_redirects: false"),
        ("take: {x: body}", ".take.x: 'body' is nothing to take"),
        ("take: {x: location now}", ".take.x: 'location now': location stands alone"),
        ("take: {x: header}", ".take.x: 'header': header needs a word behind it"),
        ("take: {x: json a..b}", ".take.x: 'a..b' is not a JSON path"),
        ("take: {x: regex (}", ".take.x: '(' is not a regular expression"),
    ],
)
def test_slips_of_a_step_are_found(fields: str, line: str) -> None:
    assert any(found.startswith(line) for found in step(fields)), step(fields)


@pytest.mark.parametrize("url", ["https://{x}/", "{x}://a.example/", "https://{x}.example/a", "https://a.example:{x}/"])
def test_a_taken_value_never_is_a_host(url: str) -> None:
    text = f"steps: {{a: {{url: {A}, take: {{x: status}}}}, b: {{url: '{url}'}}}}"
    assert "may be the whole address or stand in its path or query" in problems(text)[0]


@pytest.mark.parametrize(
    "fields",
    [
        "method: POST, form: {user: a, mật khẩu: b}",
        'method: POST, json: \'{"login": [{"passWord": ""}]}\'',
        "method: POST, form: {otp: '123456'}",
        "headers: {X-Api-Secret: a}",
        "url: 'https://a.example/?PIN=1'",
    ],
)
def test_what_only_a_person_may_fill_in_is_refused(fields: str) -> None:
    written = fields if fields.startswith("url") else f"url: '{A}', {fields}"
    (found,) = problems(f"steps: {{only: {{{written}}}}}")
    assert "a journey never logs in and sends no personal data" in found


@pytest.mark.parametrize(
    "name",
    [
        "password", "j_password", "passwordConfirm", "userPassword1", "Mật khẩu", "mat-khau", "matKhau", "MK", "pwd",
        "otp", "OTPCode", "smsotp", "ma_otp", "userOTP", "pin", "userPin", "PIN1", "mã PIN", "captcha", "g-recaptcha",
        "username", "Tên đăng nhập", "maXacThuc", "CCCD", "so_dinh_danh", "client_secret", "X-API-Key",
    ],
)  # fmt: skip
def test_private_names(name: str) -> None:
    assert is_private(name)


@pytest.mark.parametrize(
    "name",
    ["q", "procedure", "ma_thu_tuc", "csrf_token", "shipping", "compass", "spinner", "footprint", "tinh", "page"],
)
def test_public_names(name: str) -> None:
    assert not is_private(name)


def test_takes_are_written_in_words() -> None:
    assert Take.parse("regex name='a b' (.*)") == Take(Source.REGEX, "name='a b' (.*)")
    assert str(Take.parse("json [0].a-b.c[12]")) == "json [0].a-b.c[12]"
