"""The hostile web server where TLS is expected: certificates, handshakes, and what comes behind them."""

from collectors.core import Reason
from tests.servers import hostile
from tests.servers.certificates import Certificates
from tests.servers.hostile import (
    OK,
    answers_hello,
    answers_hello_then_stalls,
    cuts_tls_in_mid_body,
    drips_hello,
    repeats,
    says,
    tls_alert,
)
from tests.servers.http_wrong import Table, rows_of_tls
from tests.servers.http_wrong_tcp import HELLO, HUGE

SERVER_HELLO_CUT = bytes([22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3])
SERVER_HELLO_DRIPPED = SERVER_HELLO_CUT + bytes(116)  # longer than a probe waits

OVER_TLS: Table = {
    **rows_of_tls("tls", Reason.TLS, Certificates.expired, an_expired_certificate=says(HELLO)),
    **rows_of_tls("tls", Reason.TLS, Certificates.for_another_host, a_certificate_for_another_host=says(HELLO)),
    **rows_of_tls("tls", Reason.TLS, Certificates.nameless, a_certificate_without_a_name=says(HELLO)),
    **rows_of_tls("tls", Reason.TLS, Certificates.self_signed, a_certificate_signed_by_itself=says(HELLO)),
    **rows_of_tls("tls", Reason.TLS, Certificates.untrusted, an_unknown_authority=says(HELLO)),
    **rows_of_tls(
        "tls",
        Reason.TLS,
        None,
        plain_HTTP=answers_hello(HELLO),
        garbage=answers_hello(b"\x00\xff" * 100),
        no_version_in_common=tls_alert(70),
        no_cipher_in_common=tls_alert(40),
        an_unknown_name=tls_alert(112),
        an_internal_error=tls_alert(80),
        half_a_ServerHello=answers_hello(SERVER_HELLO_CUT),
        hangs_up=answers_hello(b""),
    ),
    **rows_of_tls("tls", Reason.UNSUPPORTED, None, no_protocol_in_common=tls_alert(120)),
    **rows_of_tls("tls", Reason.REFUSED, None, resets_in_the_handshake=hostile.resets_when_spoken_to),
    **rows_of_tls(
        "tls",
        Reason.FROZEN,
        None,
        silence=hostile.never_speaks,
        stalls_in_the_handshake=answers_hello_then_stalls(SERVER_HELLO_CUT),
    ),
    **rows_of_tls("tls", Reason.TIMEOUT, None, drips_in_the_handshake=drips_hello(SERVER_HELLO_DRIPPED)),
    **rows_of_tls("processing", Reason.FROZEN, Certificates.good, silence_behind_the_handshake=hostile.never_speaks),
    **rows_of_tls("processing", Reason.BAD_ANSWER, Certificates.good, hangs_up_behind_the_handshake=hostile.hangs_up),
    **rows_of_tls(
        "transfer",
        Reason.BAD_ANSWER,
        Certificates.good,
        cut_in_mid_body=cuts_tls_in_mid_body(OK + b"Content-Length: 50\r\n\r\nhello"),
    ),
    **rows_of_tls("", Reason.OK, Certificates.good, ten_declared_gigabytes=repeats(HUGE, b"x" * 65536)),
}
