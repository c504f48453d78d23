"""Sealing of single fields and of files, and blind indexes to find sealed values again.

A sealed value is ``version(1) algorithm(1) length-of-key-id(1) key-id nonce(12) ciphertext tag(16)``.
The header and the field name ("members.person.document") are authenticated with the text, so a value
moved to another field, or given another header, does not open.

Two profiles stand behind the same functions: ``aes`` (AES-256-GCM, HMAC-SHA256, SHA-256) and ``gb``
(SM4-GCM, HMAC-SM3, SM3: GM/T 0002, 0004, as GB/T 39786-2021 asks for). The header says which one sealed
a value, so both open whatever the setting is now; only blind indexes and digests follow the setting.

Keys come as ``id:base64,id2:base64``. The first seals, all open. **Rotation**: put a new key in front,
reseal every value (`reseal`), then retire the old one. The **index key does not rotate with the data
keys**, because a unique index must keep holding while half of the rows are resealed: it is derived from
the entry named ``index`` or, without one, from the last entry, the oldest. To retire the oldest key for
data, rename its id to ``index``: all blind values stay as they are. A new index key (or profile) means
computing every blind value anew; `index_mark` tells a deployment that this has become necessary.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Profile = Literal["aes", "gb"]
Blob = bytes | bytearray | memoryview

KEY_BYTES = 32
INDEX_ID = "index"
_VERSION = 1
_NONCE = 12
_TAG = 16
_ALGORITHMS: dict[Profile, int] = {"aes": 1, "gb": 2}
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


class CryptoError(Exception):
    """Keys are missing or wrong, or a sealed value does not open. ``code`` is stable, for programs."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class _Sm4Gcm:
    """SM4-GCM with the interface of ``AESGCM``."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        worker = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        worker.authenticate_additional_data(associated_data or b"")
        return worker.update(data) + worker.finalize() + worker.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        worker = Cipher(self._cipher, modes.GCM(nonce, data[-_TAG:])).decryptor()
        worker.authenticate_additional_data(associated_data or b"")
        return worker.update(data[:-_TAG]) + worker.finalize()


def _derive(master: bytes, purpose: str, length: int, algorithm: hashes.HashAlgorithm) -> bytes:
    return HKDF(algorithm=algorithm, length=length, salt=None, info=f"unionhome/1/{purpose}".encode()).derive(master)


def _cipher(master: bytes, algorithm: int) -> _Aead:
    if algorithm == _ALGORITHMS["gb"]:
        return _Sm4Gcm(_derive(master, "data/sm4", 16, hashes.SM3()))
    return AESGCM(_derive(master, "data/aes", KEY_BYTES, hashes.SHA256()))


def _mac(master: bytes, profile: Profile) -> Callable[[bytes], bytes]:
    """A keyed hash; copying a prepared one is three times as fast as ``hmac.digest``."""
    algorithm = hashes.SM3() if profile == "gb" else hashes.SHA256()
    empty = HMAC(_derive(master, f"index/{algorithm.name}", KEY_BYTES, algorithm), algorithm)

    def mac(message: bytes) -> bytes:
        worker = empty.copy()
        worker.update(message)
        return worker.finalize()

    return mac


def _parse_entry(entry: str) -> tuple[str, bytes]:
    key_id, colon, text = entry.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise CryptoError("加密密钥的格式应为“编号:密钥”，多个密钥用英文逗号隔开。", "keys.format")
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise CryptoError(f"加密密钥 {key_id} 不是有效的 Base64。", "keys.base64") from None
    if len(key) != KEY_BYTES:
        raise CryptoError(f"加密密钥 {key_id} 应为 {KEY_BYTES} 字节，现为 {len(key)} 字节。", "keys.length")
    return key_id, key


def _parse_keys(keys: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in keys.split(","))):
        key_id, key = _parse_entry(entry)
        if key_id in found:
            raise CryptoError(f"加密密钥编号 {key_id} 重复。", "keys.twice")
        if key in found.values():
            raise CryptoError(f"加密密钥 {key_id} 与另一个编号用了同一个密钥。", "keys.same")
        found[key_id] = key
    if not any(key_id != INDEX_ID for key_id in found):
        raise CryptoError("没有配置字段加密密钥。", "keys.missing")
    return found


class _Header(NamedTuple):
    algorithm: int
    key_id: str
    length: int


def _read_header(blob: bytes) -> _Header:
    if len(blob) < 3 or blob[0] != _VERSION or blob[1] not in _ALGORITHMS.values():
        raise CryptoError("密文的格式无法识别。", "sealed.format")
    length = 3 + blob[2]
    key_id = blob[3:length].decode("ascii", "replace")
    if len(blob) < length + _NONCE + _TAG:
        raise CryptoError("密文不完整。", "sealed.short")
    return _Header(blob[1], key_id, length)


def _header(algorithm: int, key_id: str) -> bytes:
    return bytes((_VERSION, algorithm, len(key_id))) + key_id.encode("ascii")


class Keyring:
    """The keys of one deployment and the profile in force. Immutable and safe to share between threads."""

    def __init__(self, keys: str, profile: str = "aes") -> None:
        """Read ``keys`` ("id:base64,…", first is current). Raises `CryptoError` on any flaw."""
        if profile not in _ALGORITHMS:
            raise CryptoError("加密算法只能是 aes（国际）或 gb（国密）。", "profile")
        self.profile: Profile = profile
        masters = _parse_keys(keys)
        self.index_id = INDEX_ID if INDEX_ID in masters else list(masters)[-1]
        index_master = masters.pop(INDEX_ID, None) or list(masters.values())[-1]
        self.current_id = next(iter(masters))
        self.key_ids = tuple(masters)
        self._ciphers = {
            (_ALGORITHMS[name], key_id): _cipher(master, _ALGORITHMS[name])
            for name in _ALGORITHMS
            for key_id, master in masters.items()
        }
        self.header = _header(_ALGORITHMS[self.profile], self.current_id)
        self._seal_with = self._ciphers[_ALGORITHMS[self.profile], self.current_id]
        self._mac = _mac(index_master, self.profile)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.key_ids)}; {self.profile})"

    def seal_bytes(self, data: bytes, *, field: str) -> bytes:
        """Seal ``data`` for ``field`` with the current key and a fresh random nonce."""
        header, nonce = self.header, os.urandom(_NONCE)
        return header + nonce + self._seal_with.encrypt(nonce, data, header + field.encode())

    def open_bytes(self, blob: Blob, *, field: str) -> bytes:
        """Open what `seal_bytes` sealed for the same ``field``; `CryptoError` if anything differs."""
        raw = bytes(blob)
        header = _read_header(raw)
        cipher = self._ciphers.get((header.algorithm, header.key_id))
        if cipher is None:
            raise CryptoError(f"没有编号为 {header.key_id} 的加密密钥，无法打开。", "sealed.key")
        nonce_end = header.length + _NONCE
        associated = raw[: header.length] + field.encode()
        try:
            return cipher.decrypt(raw[header.length : nonce_end], raw[nonce_end:], associated)
        except InvalidTag:
            raise CryptoError("密文已损坏，或不属于这个字段。", "sealed.broken") from None

    def blind(self, value: str, *, field: str) -> str:
        """64 hex digits that are equal for equal values of one field and tell nothing without the key.

        The caller normalises the value first. An empty value is refused, lest all empty ones look equal.
        """
        if not value:
            raise CryptoError("空值不能建立检索。", "blind.empty")
        return self._mac(f"{field}\0{value}".encode()).hex()

    def needs_reseal(self, blob: Blob) -> bool:
        """Whether ``blob`` was sealed with another key or profile than the current one."""
        return bytes(blob[: len(self.header)]) != self.header

    def reseal(self, blob: Blob, *, field: str) -> bytes:
        """The same content under the current key and profile; unchanged if it already is."""
        if not self.needs_reseal(blob):
            return bytes(blob)
        return self.seal_bytes(self.open_bytes(blob, field=field), field=field)

    def index_mark(self) -> str:
        """16 hex digits naming the index key and profile: store it, and refuse to start when it changes."""
        return self._mac(b"index mark").hex()[:16]


def key_id_of(head: Blob) -> str:
    """Which key sealed a value that begins so; "?" for what is no sealed value."""
    raw = bytes(head)
    if len(raw) < 3 or raw[0] != _VERSION or raw[1] not in _ALGORITHMS.values():
        return "?"
    return raw[3 : 3 + raw[2]].decode("ascii", "replace")


_keyring: Keyring | None = None


def configure(keys: str, profile: str = "aes") -> Keyring:
    """Set the keyring that the functions of this module use; called once, from the settings."""
    global _keyring
    _keyring = Keyring(keys, profile)
    return _keyring


def keyring() -> Keyring:
    """The configured keyring; `CryptoError` when `configure` has not run."""
    if _keyring is None:
        raise CryptoError("字段加密尚未配置密钥。", "keys.unconfigured")
    return _keyring


def generate_key() -> str:
    """A new random key as Base64, for a new deployment or a rotation."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode("ascii")


def seal(text: str, *, field: str) -> bytes:
    """Seal a text for ``field``, named "app.model.field"."""
    return keyring().seal_bytes(text.encode(), field=field)


def open_sealed(blob: Blob, *, field: str) -> str:
    """The text that `seal` sealed for the same ``field``; `CryptoError` if it does not open."""
    return keyring().open_bytes(blob, field=field).decode()


def seal_bytes(data: bytes, *, field: str) -> bytes:
    """Seal the content of a file for ``field``."""
    return keyring().seal_bytes(data, field=field)


def open_bytes(blob: Blob, *, field: str) -> bytes:
    """The content that `seal_bytes` sealed for the same ``field``."""
    return keyring().open_bytes(blob, field=field)


def blind(value: str, *, field: str) -> str:
    """The blind index of a normalised, non-empty value: 64 hex digits (see `Keyring.blind`)."""
    return keyring().blind(value, field=field)


def needs_reseal(blob: Blob) -> bool:
    """Whether ``blob`` is not yet under the current key and profile."""
    return keyring().needs_reseal(blob)


def reseal(blob: Blob, *, field: str) -> bytes:
    """``blob`` under the current key and profile, unchanged if it already is."""
    return keyring().reseal(blob, field=field)


def _sha256(data: Blob) -> str:
    return hashlib.sha256(data).hexdigest()


def _sm3(data: Blob) -> str:
    worker = hashes.Hash(hashes.SM3())
    worker.update(bytes(data))
    return worker.finalize().hex()


def digest(data: Blob) -> str:
    """The unkeyed digest of ``data`` in 64 hex digits: SHA-256, or SM3 under the gb profile."""
    return _sm3(data) if keyring().profile == "gb" else _sha256(data)


def same_digest(data: Blob, expected: str) -> bool:
    """Whether ``expected`` is a digest of ``data`` under either profile (the setting may have changed since)."""
    return any(hmac.compare_digest(made, expected) for made in (_sha256(data), _sm3(data)))
