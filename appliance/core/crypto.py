"""Hashes, comparisons and sealed secrets. Passwords are accounts' business, signatures the updater's."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.core.errors import Corrupt
from appliance.core.files import make_private_folder, sync_folder, write_atomically
from appliance.core.i18n import N_

KEY_BYTES = 32
NONCE_BYTES = 12
MARK_BYTES = 32


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest of some bytes."""
    return hashlib.sha256(data).digest()


def token_hash(token: str) -> bytes:
    """What is stored of a secret with 128 random bits or more; such a secret needs no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass"))


def same(left: bytes, right: bytes) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left, right)


def signed(key: bytes, data: bytes) -> bytes:
    """Data with a mark of this installation before it (HMAC-SHA256), to be read back by `checked`."""
    return hmac.digest(key, data, "sha256") + data


def checked(key: bytes, marked: bytes) -> bytes | None:
    """The data that `signed` marked with this key, or nothing if they are of another hand."""
    mark, data = marked[:MARK_BYTES], marked[MARK_BYTES:]
    return data if same(mark, hmac.digest(key, data, "sha256")) else None


def load_key(folder: Path, name: str) -> bytes:
    """A key of this installation, made at its first use. Two processes may race: the first file wins.

    Raises:
        OSError: the key folder cannot be read or written.
    """
    path = make_private_folder(folder) / name
    if not path.exists():
        fresh = folder / f".{name}.{os.getpid()}"
        write_atomically(fresh, secrets.token_bytes(KEY_BYTES))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        # Also after a lost race: the winner may not have come here yet, and this process seals at once.
        sync_folder(folder)
    return path.read_bytes()


def seal(key: bytes, plain: bytes, purpose: str) -> bytes:
    """Encrypt a small secret (AES-256-GCM); the purpose is bound to it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def unseal(key: bytes, sealed: bytes, purpose: str) -> bytes:
    """Open what `seal` closed.

    Raises:
        Corrupt: the key is another one, or the bytes were changed.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise Corrupt(N_("A stored secret cannot be opened with this server's key.")) from error
