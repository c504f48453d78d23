"""The keys that sign: one for each union, made when it first publishes, changed by a dated act."""

from dataclasses import dataclass

from django.db import transaction

from unionhome.core.figures.models import KEY_FIELD, SigningKey
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, Refused, require_strong
from unionhome.core.tree.models import Node
from unionhome.kit.crypto import open_bytes, seal_bytes
from unionhome.kit.signing import fingerprint_of, make_private, public_of, sign_with

PERMISSION = "figures.keys"


@dataclass(frozen=True, slots=True)
class Signature:
    """64 bytes in hex, and the key that made them."""

    key: SigningKey
    text: str


def sign(organization: Node, data: bytes) -> Signature:
    """Sign bytes in the name of a union, with the key that signs for it now: the one place where a private key is used.

    A card, a signature server or SM2 would stand behind this function. Raises Refused where the union has no key yet.
    """
    key = SigningKey.objects.filter(node=organization, ends_at__isnull=True).first()
    if key is None:
        raise Refused("这个工会还没有签名密钥。", "no-key")
    return Signature(key, sign_with(open_bytes(key.private_sealed, field=KEY_FIELD), data).hex())


@transaction.atomic
def ensure_key(actor: Actor, node: Node) -> SigningKey:
    """The key that signs for a union, locked until the act is done; the first one is made here. The caller has checked who may."""
    Node.objects.select_for_update().get(pk=node.pk)
    key = SigningKey.objects.select_for_update().filter(node=node, ends_at__isnull=True).first()
    return key or _make(actor, node, "")


@transaction.atomic
def renew_key(actor: Actor, node: Node, *, reason: str) -> SigningKey:
    """A new key from now on; the one before stays for what it signed. Raises Forbidden, Refused without a reason."""
    actor.require(PERMISSION, node.path)
    require_strong(actor, PERMISSION)
    if not reason.strip():
        raise Refused("请写明为什么换密钥。", "reason-missing", fields={"reason": "请写明原因。"})
    Node.objects.select_for_update().get(pk=node.pk)
    SigningKey.objects.filter(node=node, ends_at__isnull=True).update(ends_at=actor.at)
    return _make(actor, node, reason.strip()[:200])


def _make(actor: Actor, node: Node, reason: str) -> SigningKey:
    private = make_private()
    public = public_of(private)
    key = SigningKey.objects.create(
        node=node,
        fingerprint=fingerprint_of(public),
        public=public.hex(),
        private_sealed=seal_bytes(private, field=KEY_FIELD),
        starts_at=actor.at,
        reason=reason,
        made_by=actor.name,
    )
    journal.record(
        actor,
        "figures.signingkey.made",
        node=node,
        about=key,
        summary=f"{'换' if reason else '生成'}签名密钥，指纹 {key.fingerprint[:16]}…",
        data={"fingerprint": key.fingerprint, "reason": reason},
    )
    return key
