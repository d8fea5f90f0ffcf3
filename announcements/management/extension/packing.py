"""Packing the extension: a zip that comes out the same every time, and the signed file that Chromium takes from a company's own hub."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

EPOCH = (1980, 1, 1, 0, 0, 0)
# Fields of CRX3's header, by their number: proofs (key and signature), and what is signed (the id).
PROOF, SIGNED, KEY, SIGNATURE, ID = 2, 10000, 1, 2, 1


def packed(files: dict[str, bytes]) -> bytes:
    """Return files as a zip whose bytes depend on nothing but them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[name])
    return out.getvalue()


def signed(archive: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """Return a zip as a CRX3 file (crx_file/crx3.proto of Chromium), signed."""
    public = _public(key)
    said = _field(ID, _id(public))
    message = b"CRX3 SignedData\x00" + len(said).to_bytes(4, "little") + said + archive
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    header = _field(PROOF, _field(KEY, public) + _field(SIGNATURE, signature)) + _field(SIGNED, said)
    return b"Cr24" + (3).to_bytes(4, "little") + len(header).to_bytes(4, "little") + header + archive


def extension_id(key: rsa.RSAPrivateKey) -> str:
    """Return the id by which Chromium knows what is signed with a key: policies name it."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in _id(_public(key)).hex())


def key_at(path: Path) -> rsa.RSAPrivateKey:
    """Return the key in a file; a new one, kept there for its owner alone, when there is none yet."""
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.touch(mode=0o600)
        path.write_bytes(
            made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return made
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key")
    return found


def _public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _id(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:16]


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
