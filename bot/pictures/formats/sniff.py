"""What a file is by its first bytes; names and declared MIME types are not trusted.

Imports ``errors`` and the standard library. Never looks beyond the head of the file and never decodes. Signatures: the
formats' own specifications; brands of ISO base media files by the MP4 Registration Authority.
"""

from __future__ import annotations

from bot.pictures.errors import CameraRawError, NotAPictureError, UnsupportedPictureError

PNG, JPEG, WEBP, GIF, BMP, TIFF = "image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff"
HEIC, HEIF, AVIF = "image/heic", "image/heif", "image/avif"

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)
_OTHER_PICTURES = (
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL ", "jxl"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
    (b"8BPS", "psd"),
    (b"gimp xcf", "xcf"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"qoif", "qoi"),
    (b"%!PS", "eps"),
)
# Raws that are not plain TIFF files: Olympus, Panasonic, Fujifilm, Sigma, Minolta. Canon's CR3 has a brand.
_RAWS = (b"IIRO", b"IIRS", b"MMOR", b"IIU\x00", b"FUJIFILMCCD-RAW", b"FOVb", b"\x00MRM")
_OTHERS = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"(\xb5/\xfd", "archive"),
    (b"BZh", "archive"),
    (b"OggS", "voice"),
    (b"#!AMR", "voice"),
    (b"ID3", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"FLV\x01", "video"),
    (b"\x00\x00\x01\xba", "video"),
    (b"\x00\x00\x01\xb3", "video"),
    (b"0&\xb2u\x8ef\xcf\x11", "video"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})


def sniff(data: bytes) -> str:
    """Return the MIME type of a picture by its magic bytes.

    Raises: ``NotAPictureError``, ``UnsupportedPictureError`` or ``CameraRawError``, which say what it looks like.
    """
    for magic, mime in _PICTURES:
        if data.startswith(magic):
            return mime
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    # "BM" alone begins many texts: the four reserved bytes are zero and a header size follows.
    if data.startswith(b"BM") and data[6:10] == bytes(4) and data[14:18] in _BMP_HEADER_SIZES:
        return BMP
    if data[4:8] == b"ftyp" and (branded := _by_brand(data)):
        return branded
    if data.startswith(_RAWS) or data[4:12] == b"ftypcrx ":
        raise CameraRawError("a camera's raw file", looks_like="raw")
    for magic, name in _OTHER_PICTURES:
        if data.startswith(magic):
            raise UnsupportedPictureError(f"a picture of the kind {name}", looks_like=name)
    if b"<svg" in data[:4096].lower():
        raise UnsupportedPictureError("a picture of the kind svg", looks_like="svg")
    looks_like = _looks_like(data)
    raise NotAPictureError(f"not a picture but {looks_like}", looks_like=looks_like)


_BMP_HEADER_SIZES = frozenset(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))


def _by_brand(data: bytes) -> str | None:
    size = min(int.from_bytes(data[:4], "big"), len(data), 512)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    # The major brand may be the general one (mif1); then the compatible brands name the codec.
    for kinds, mime in ((_AVIF_BRANDS, AVIF), (_HEIC_BRANDS, HEIC), (_HEIF_BRANDS, HEIF)):
        if brands[0] in kinds | _HEIF_BRANDS and kinds.intersection(brands):
            return mime
    return None


def _looks_like(data: bytes) -> str:
    if not data:
        return "empty"
    for magic, name in _OTHERS:
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp":
        return "audio" if data[8:12] in _AUDIO_BRANDS else "video"
    if data.startswith(b"RIFF"):
        return {b"AVI ": "video", b"WAVE": "audio"}.get(data[8:12], "unknown")
    if data.startswith(b"\x1f\x8b"):
        # Telegram's animated stickers are gzipped Lottie files and carry no name of their own.
        return "archive"
    if data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE6 == 0xE2:
        return "audio"
    if data[:1] == b"G" and data[188:189] == b"G" and data[376:377] == b"G":
        return "video"
    return "text" if _is_text(data[:2048]) else "unknown"


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode()
    return all(char.isprintable() or char in "\t\r\n\f" for char in text)
