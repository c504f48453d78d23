"""Ed25519 keys: made, used and checked. Private keys are 32 raw bytes and leave this module only to be sealed."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from unionhome.kit.verifier import fingerprint_of

__all__ = ["fingerprint_of", "fingerprint_text", "is_signed", "make_private", "public_of", "sign_with"]


def make_private() -> bytes:
    """A new private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The 32 bytes of its public key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign_with(private: bytes, message: bytes) -> bytes:
    """The 64 bytes of a signature; the same for the same key and message."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the public key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_text(fingerprint: str) -> str:
    """A fingerprint in groups of four, as people compare it."""
    return " ".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))
