"""The verifier's own Ed25519 against RFC 8032 and against the library; its counting; and that it stands alone."""

import ast
import statistics
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import signing, verifier

# RFC 8032, 7.1: public key, message, signature
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(public: str, message: str, signature: str) -> None:
    asked = [bytes.fromhex(text) for text in (public, message, signature)]
    assert verifier.is_signed(*asked)
    for place in range(3):
        if asked[place]:
            changed = [*asked]
            changed[place] = bytes([asked[place][0] ^ 1]) + asked[place][1:]
            assert not verifier.is_signed(*changed)
    assert not verifier.is_signed(asked[0], asked[1] + b"x", asked[2])


@given(st.binary(max_size=200), st.integers(0, 63), st.integers(0, 255))
def test_it_agrees_with_the_library(message: bytes, place: int, byte: int) -> None:
    private = b"\x07" * 32
    public, signature = signing.public_of(private), signing.sign_with(private, message)
    assert verifier.is_signed(public, message, signature) and signing.is_signed(public, message, signature)
    bent = signature[:place] + bytes([byte]) + signature[place + 1 :]
    assert verifier.is_signed(public, message, bent) == signing.is_signed(public, message, bent)


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", b""), (b"\xff" * 32, b"\0" * 64), (b"\x02" + b"\0" * 31, b"\xff" * 64)]
)
def test_what_is_no_key_and_no_signature_is_said_no_to(public: bytes, signature: bytes) -> None:
    assert not verifier.is_signed(public, b"x", signature)


def test_a_signature_is_not_taken_with_another_scalar_of_the_same_meaning() -> None:
    private = b"\x09" * 32
    signature = signing.sign_with(private, b"x")
    moved = int.from_bytes(signature[32:], "little") + verifier.ORDER
    twin = signature[:32] + moved.to_bytes(32, "little")
    assert not verifier.is_signed(signing.public_of(private), b"x", twin)


@pytest.mark.parametrize(
    ("measure", "weights", "expected"),
    [
        ({"way": "rows"}, [1, 1, 1], "3"),
        ({"way": "people"}, [], "0"),
        ({"way": "sum"}, [5, None, 7], "12"),
        ({"way": "share"}, [1, 0, 0], "33.333333"),
        ({"way": "share"}, [], ""),
        ({"way": "median"}, [9, 1, 4], "4"),
        ({"way": "median"}, [9, 1, 4, 5], "4.500000"),
        ({"way": "standard"}, [200, 100], "200"),
        ({"way": "rows", "lower": "8"}, [1, 1], "25"),
        ({"way": "rows", "lower": "0"}, [1, 1], ""),
    ],
)
def test_the_number_is_made_again_from_weights(measure: dict, weights: list, expected: str) -> None:
    tally = verifier.Tally(measure["way"])
    for weight in weights:
        tally.take(weight)
    assert verifier.value_again(measure, tally) == expected


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_medians_are_those_of_the_statistics_book(weights: list[int]) -> None:
    tally = verifier.Tally("median")
    for weight in weights:
        tally.take(weight)
    assert tally.value() == Decimal(str(statistics.median(map(Decimal, weights))))


def test_fingerprints_are_read_as_people_type_them() -> None:
    text = "AB12 cd34:EF56"
    assert verifier.plain_fingerprint(text) == "ab12cd34ef56"
    assert signing.fingerprint_text("ab12cd34") == "ab12 cd34"


def test_the_program_needs_nothing_but_python(tmp_path: Path) -> None:
    source = Path(verifier.__file__).read_text(encoding="utf-8")
    named = {
        str(node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert named - {"__future__"} <= sys.stdlib_module_names
    (tmp_path / "verify.py").write_text(source, encoding="utf-8")
    (tmp_path / "no.zip").write_bytes(b"no zip")
    run = [sys.executable, "-I", "-S", "verify.py", "no.zip", "--fingerprint"]
    refused = subprocess.run([*run, "ab"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "64" in refused.stderr
    refused = subprocess.run([*run, "ab" * 32], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "不是核验包" in refused.stderr
