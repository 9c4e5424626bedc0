"""Asks pydantic 1.10 about addresses and writes its answers to data/addresses.json.

`python -m tests.mockserver.vendors.claid.pydantic_urls`, where pydantic 2 is installed, whose
`pydantic.v1` is 1.10 on Python up to 3.13. The tests read the file, so they need no pydantic.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic.v1 import VERSION, AnyUrl, BaseModel, ValidationError

FILE = Path(__file__).parent / "data" / "addresses.json"


class Address(AnyUrl):
    """An address as the service may have it: the bounds are documented, the schemes are the twin's."""

    min_length = 1
    max_length = 4096
    allowed_schemes = frozenset({"http", "https", "storage", "safelight"})


class Model(BaseModel):
    """A request."""

    input: Address


def words(*lines: str) -> list[str]:
    """Split lines at spaces; `_SP_` is a space, and `_NO_` nothing."""
    result = " ".join(lines).split(" ")
    return [state_name.replace("_SP_", " ").replace("_NO_", "") for state_name in result]


SCHEMES = words(
    "http HTTP hTTps https storage STORAGE safelight ftp file data s3 gs javascript ws h ht_SP_tp",
    "1http -http http+x +http _NO_ \u017ftorage http\n",
)
AFTER_SCHEMES = words(r"_NO_ : :/ :// /// :\\ // ://:// %3A//")
USERS = words(
    "u@ u:p@ :p@ u:@ @ :@ u:p:q@ u@v@ ü:ß@ u%40:p@ u[x@ u|:{p}@ a_SP_b@ u/x@ u?x@ u#x@ u\\x@ u\t@",
)
HOSTS = words(
    "_NO_ . .. - _ ~ a.example A.EXAMPLE a.example. .a.example a..example a.example.. localhost a 1",
    "a_b.example _a.example -a.example a-.example a--b.example a.b-c.example a.example- a.e a.1 a.e1 a.ex-",
    "1.2.3.4 1.2.3 1.2.3.4.5 999.1.1.1 1.2.3.4. 01.02.03.04 0x7f.1 2130706433 \u0661.\u0662.\u0663.\u0664",
    "[::1] [::] [fe80::1] [FE80::ABCD] [::ffff:1.2.3.4] [fe80::1%25eth0] [1] [ ] [] [::1 ::1] ::1",
    "[::g] [::1]x [v1.x] [:] [1:2:3:4:5:6:7:8:9] [::1].example",
    "müller.example MÜLLER.example müller ß.example 例え.テスト \u043f\u0440\u0438.\u0440\u0444 é.example",
    "xn--mller-kva.de xn--.example a.xn--p1ai a.xn--p1ai- xn--ü.example a。example a\uff0eexample",
    "\uff41.example 😀.example a\u200d.example a\u00ad.example e\u0301.example a.\u017f \u212a.example",
    "a_SP_b.example a\tb.example a%20b.example a%2e.example a|b.example a{b}.example a~b a*b.example",
    "*.example a,b.example a;b.example a!b.example a'b.example a\"b.example a<b>.example a\\b.example",
    "a^b.example a`b.example a&b.example a=b.example a+b a$b.example a(b).example",
    "a\x7fb a\x00b a\u0085b a\u2028b",
)
LONG_HOSTS = [message * length + end for message in "aü" for length in (63, 64) for end in ("", ".example")]
PORTS = words(
    ": :0 :80 :080 :65535 :65536 :99999 :100000 :9999999999999999999999999 :00000000080 :-1 :+1 :1.5 :a :8a",
    ":80:90 :\u0668\u0660 :_SP_80 :80_SP_ ::80 :%38 :²",
)
PATHS = words(
    "/ // /. /.. /a/../b /a//b /a.jpg /ü.jpg /猫.jpg /😀.jpg /a|b /a[b] /[ /] /a{b} /{ /} /a^b /a`b",
    "/a\"b /a'b /a<b> /a\\b \\a /a~b /a!$&()*+,;=b /a@b /a:b /@ /: a.jpg",
    "/a_SP_b /_SP_a /a_SP_ /a\tb /a\nb /a\rb /a\x00b /a\x01b /a\x1fb /a\x7fb /a\x1cb /a\u0085b /a\u00a0b",
    "/a\u2028b /a\u200bb /a\u3000b /a\ufeffb /% /%2 /%zz /%20 /%00 /%C3%BC /a%2Fb /%25",
)
QUERIES = words(
    "? ?? ?a ?a=b ?a=b&c=d ?a=ü ?a=| ?a[]=1 ?{} ?a=b?c ?a=b_SP_c ?a=\t ?a=%zz ?a=/b ?a=:b ?a=@b ?a=\\b",
    "/?a=b /p?a=b # ## #a #a#b #ü #a_SP_b #a/b #a?b /p#a ?q#a ?q#a_SP_b /p?q#a #|[]{}",
)
AROUND = (" {}", "{} ", "\t{}", "{}\n", "\r\n{}\r\n", "\u00a0{}", "\ufeff{}", "\x00{}", "{}\x00", " {} x")
WHOLE = words(
    "_NO_ _SP_ \t\n cup.jpg /cup.jpg //a.example/b a.example/b.jpg a:b a://b ? # @ . http:a.example",
    "storage:a data:image/png;base64,AA mailto:a@b.example C:\\cup.jpg file:///etc/passwd HTTP://A.EXAMPLE/B",
    "storage://shop/a.jpg storage://shop storage://shop/ storage:///a.jpg storage://my_SP_shop/a.jpg",
    "storage://shop/ü_SP_b.jpg storage://shop/ü.jpg storage://läden/a.jpg storage://shop/a|b.jpg",
    "storage://Shop_1/a.jpg storage://shop:80/a.jpg storage://u:p@shop/a.jpg storage://shop?a",
    "safelight://coffee.jpg safelight:// http://http://a.example http://a.example/http://b.example",
    "http://a.example:80:80/ http://a.example@b.example/ http://a.example\\@b.example/ http://a.example#@b",
    "http://[::1]:80/a http://u:p@[::1]:80/a?b#c http://1.2.3.4:80/a?b#c",
)
LENGTHS = (4095, 4096, 4097, 5000)


def cases() -> Iterator[str]:
    """Yield addresses: each part varied by itself, then wholes and lengths."""
    yield from (f"{scheme}://a.example/b.jpg" for scheme in SCHEMES)
    yield from (f"http{after}a.example/b.jpg" for after in AFTER_SCHEMES)
    yield from (f"http://{user}a.example/b.jpg" for user in USERS)
    yield from (f"https://{host}/b.jpg" for host in (*HOSTS, *LONG_HOSTS))
    yield from (f"https://{host}" for host in ("a.example", "[::1]", "1.2.3.4", "", "ü"))
    yield from (f"http://{host}{port}/b" for host in ("a.example", "1.2.3.4", "[::1]", "") for port in PORTS)
    yield from (f"http://a.example{rest}" for rest in (*PATHS, *QUERIES))
    yield from (around.format("http://a.example/b") for around in AROUND)
    yield from WHOLE
    yield from ("http://a.example/".ljust(length, message) for message in "aü" for length in LENGTHS)


def answer(address: str) -> str | None:
    """Return what the framework says of an address; None, if it takes it."""
    try:
        Model.parse_obj({"input": address})
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return None


def table() -> str:
    """Return the file's content: a line for each case."""
    lines = ",\n".join(json.dumps([case, answer(case)]) for case in dict.fromkeys(cases()))
    return f'{{"pydantic": "{VERSION}", "cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(table())
