"""Signatures: who vouches for an archive, checked by this package and by OpenSSL; all that is none is told apart."""

import json
import shutil
import subprocess
from base64 import b64decode

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from test_archive import made_up

from sealed_again import below_top, members_of
from workbench.archiving import seal
from workbench.archiving.members import Members
from workbench.archiving.signing import check_signature, private_key, public_key, sign, signature_file
from workbench.cli import main
from workbench.model.errors import DamagedArchive, RefusedSignature, WorkbenchError

KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
PUBLIC = KEY.public_key().public_bytes_raw()


def private_pem(key, encryption=None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def public_pem(key) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def archive(tmp_path):
    return seal(made_up(), tmp_path / "archive").path


def refused(archive, demanded=None) -> str:
    with Members(archive) as members, pytest.raises(RefusedSignature) as caught:
        check_signature(members, demanded)
    assert all((caught.value.where, caught.value.expected, caught.value.found, caught.value.hint))
    return caught.value.what


def test_an_archive_is_signed_beside_it_and_stays_as_it_is(archive):
    before = archive.read_bytes()
    path, is_new = sign(archive, KEY)
    assert is_new and path == archive.with_name("2022-r1.zip.sig") and archive.read_bytes() == before
    with Members(archive) as members:
        for demanded in (None, PUBLIC):
            signature = check_signature(members, demanded)
            assert (signature.archive, signature.public_key) == ("2022-r1", PUBLIC)


def test_it_can_be_signed_again_by_the_same_key_only(archive):
    path, _ = sign(archive, KEY)
    before = path.read_bytes()
    assert sign(archive, KEY) == (path, False), "the same key makes the same signature"
    with pytest.raises(RefusedSignature, match="has another signature"):
        sign(archive, OTHER_KEY)
    assert path.read_bytes() == before


def test_a_damaged_archive_is_not_signed(archive):
    archive.write_bytes(archive.read_bytes()[:-1])
    with pytest.raises(DamagedArchive):
        sign(archive, KEY)
    assert not signature_file(archive).exists()


def test_none_is_none_and_refused_where_one_is_demanded(archive):
    with Members(archive) as members:
        assert check_signature(members, None) is None
    assert "is not signed" in refused(archive, PUBLIC)


def test_another_key_is_told(archive):
    sign(archive, OTHER_KEY)
    assert "by another key" in refused(archive, PUBLIC)


def test_another_archive_is_told_and_so_is_another_revision_of_the_same(archive, tmp_path):
    second = seal(made_up("other results\n"), archive.parent).path
    third = seal(made_up(), archive.parent).path
    path, _ = sign(archive, KEY)
    for other in (second, third):
        shutil.copy(path, signature_file(other))
        assert "of another archive" in refused(other, PUBLIC)


@pytest.mark.parametrize("demanded", [None, PUBLIC])
def test_a_forged_signature_is_told(archive, demanded):
    path, _ = sign(archive, KEY)
    genuine = path.read_text()
    *_, line = genuine.splitlines()
    forged = line.replace(line[20], "A" if line[20] != "A" else "B", 1)
    path.write_text(genuine.replace(line, forged))
    assert "forged or was altered" in refused(archive, demanded)


SPOILT = {
    "cut": (lambda text: text[:150], "cut off"),
    "cut in its heading": (lambda text: text[:10], "cut off"),
    "empty": (lambda text: "", "not a signature"),
    "garbage": (lambda text: "\x00\xffgarbage" * 40, "not a signature"),
    "more": (lambda text: text + "x\n", "not a signature"),
    "other line ends": (lambda text: text.replace("\n", "\r"), "not a signature"),
    "a short key": (lambda text: text.replace("public-key: ", "public-key: A"), "not a signature"),
    "very long": (lambda text: text * 100_000, "not a signature"),
}


@pytest.mark.parametrize(("spoil", "what"), SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("demanded", [None, PUBLIC])
def test_what_is_no_signature_is_told(archive, spoil, what, demanded):
    path, _ = sign(archive, KEY)
    path.write_bytes(spoil(path.read_text()).encode("latin-1"))
    assert what in refused(archive, demanded)


def test_every_other_text_of_the_same_bytes_is_refused(archive):
    """The last letters of base64 have bits that mean nothing."""
    path, _ = sign(archive, KEY)
    text = path.read_text()
    at = text.index("==\n") - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = text[:at] + letters[letters.index(text[at]) ^ 1] + text[at + 1 :]
    assert b64decode(other[at - 85 : at + 3]) == b64decode(text[at - 85 : at + 3])
    path.write_text(other)
    assert "not a signature" in refused(archive)


KEYS = {
    "a private key for a public one": (public_key, private_pem(KEY)),
    "a public key for a private one": (private_key, public_pem(KEY)),
    "a key of another kind": (private_key, private_pem(generate_private_key(SECP256R1()))),
    "a public key of another kind": (public_key, public_pem(generate_private_key(SECP256R1()))),
    "a key with a passphrase": (private_key, private_pem(KEY, BestAvailableEncryption(b"secret"))),
    "garbage": (private_key, b"\x00garbage"),
    "nothing": (public_key, b""),
}


@pytest.mark.parametrize(("read", "content"), KEYS.values(), ids=KEYS)
def test_what_is_no_key_is_refused_with_how_to_make_one(tmp_path, read, content):
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    with pytest.raises(WorkbenchError, match="openssl") as caught:
        read(path)
    assert content.decode("latin-1") not in str(caught.value) or not content, "a key is never shown"


@pytest.mark.skipif(not shutil.which("openssl"), reason="without OpenSSL")
def test_openssl_makes_the_keys_and_verifies_the_signature(archive, tmp_path):
    """As docs/how-to/ci.md shows it."""

    def openssl(*words: str) -> bool:
        return subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, check=False).returncode == 0

    assert openssl("genpkey", "-algorithm", "ed25519", "-out", "private.pem")
    assert openssl("pkey", "-in", "private.pem", "-pubout", "-out", "public.pem")
    path, _ = sign(archive, private_key(tmp_path / "private.pem"))
    signed, signature = tmp_path / "signed", tmp_path / "signature"
    signed.write_bytes(members_of(archive)["2022-r1/tagmanifest-sha256.txt"])
    signature.write_bytes(b64decode(path.read_text().splitlines()[-1].removeprefix("signature: ")))
    verify = (
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "public.pem",
        "-sigfile",
        "signature",
        "-in",
        "signed",
    )
    assert openssl(*verify)
    signed.write_bytes(signed.read_bytes() + b"\n")
    assert not openssl(*verify)


def test_what_is_signed_covers_every_file(archive):
    """The manifest of tags has the digests of the manifests and of what says the name; the manifests have all others."""
    members = below_top(archive)
    tags = members["tagmanifest-sha256.txt"].decode()
    named = {line.split()[1] for line in tags.splitlines()}
    assert named == {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt"}
    listed = {line.split()[1] for line in members["manifest-sha256.txt"].decode().splitlines()}
    assert listed == {name for name in members if name.startswith("data/")}
    assert b"External-Identifier: 2022-r1\n" in members["bag-info.txt"]


def command(*words, cwd=None):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_the_commands_sign_and_demand(edition, tmp_path):
    _, outcome = edition
    for name, content in {
        "private": private_pem(KEY),
        "public": public_pem(KEY),
        "other": public_pem(OTHER_KEY),
    }.items():
        (tmp_path / name).write_bytes(content)
    archive = shutil.copy(outcome.sealed.path, tmp_path)
    unsigned = command("verify", archive)
    assert (unsigned.exit_code, "signature  none" in unsigned.output) == (0, True)
    assert command("verify", "--key", tmp_path / "public", archive).exit_code == 1
    signed = command("archive", "--sign", tmp_path / "private", archive)
    assert signed.exit_code == 0 and "is signed now" in signed.output
    assert "was signed before" in command("archive", "--sign", tmp_path / "private", archive).output
    valid = command("verify", "--key", tmp_path / "public", archive)
    assert valid.exit_code == 0 and "signature  valid, by the key" in valid.output
    (told,) = json.loads(command("verify", "--json", "--key", tmp_path / "public", archive).stdout)
    assert told["accepted"] and told["signature"]["demanded"]
    wrong = command("verify", "--json", "--key", tmp_path / "other", archive)
    (told,) = json.loads(wrong.stdout)
    assert (wrong.exit_code, told["accepted"], told["error"]["kind"]) == (1, False, "RefusedSignature")


def test_mistakes_in_the_command_end_with_2(archive, tmp_path):
    (tmp_path / "key").write_bytes(b"no key")
    nothing = tmp_path / "nothing.zip"
    for words in (
        ["verify", nothing],
        ["verify", archive, nothing],
        ["verify", tmp_path],
        ["verify", "/dev/null"],
        ["verify"],
        ["verify", "--key", nothing, archive],
        ["verify", "--key", tmp_path / "key", archive],
        ["archive", archive],
        ["archive", "--sign", tmp_path / "key", archive],
    ):
        done = command(*words)
        assert (done.exit_code, done.stdout) == (2, ""), words


def test_of_several_archives_each_is_reported(archive, tmp_path):
    broken = tmp_path / "2022-r2.zip"
    broken.write_bytes(b"")
    done = command("verify", broken, archive)
    assert done.exit_code == 1
    assert "2022-r2.zip is damaged" in done.stderr
    done = command("verify", "--json", broken, broken)
    assert [told["accepted"] for told in json.loads(done.stdout)] == [False, False] and done.exit_code == 1
