"""What a telephone reads from the screen: a QR code in the picture of a page, decoded from its pixels."""

from __future__ import annotations

import base64

import zxingcpp
from playwright.sync_api import Page

# An empty page of the browser turns its own picture into shades; a page of the house would forbid it.
SHADES = """async png => {
    const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const paper = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    paper.drawImage(picture, 0, 0);
    const {data} = paper.getImageData(0, 0, picture.width, picture.height);
    let shades = "";
    for (let at = 1; at < data.length; at += 4) shades += String.fromCharCode(data[at]);
    return [picture.width, picture.height, btoa(shades)];
}"""


def read_code(page: Page) -> str:
    """What the one QR code on the screen says; dark on light, as the plainest authenticator wants it."""
    width, height, shades = shades_of(page)
    screen = memoryview(shades).cast("B", (height, width))
    (code,) = zxingcpp.read_barcodes(screen, try_rotate=False, try_invert=False)
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    return str(code.text)


def shades_of(page: Page) -> tuple[int, int, bytes]:
    """The screen as it is now: width, height, and a shade of grey for each point."""
    seen = base64.b64encode(page.screenshot()).decode()
    assert page.context.browser is not None
    blank = page.context.browser.new_page()
    try:
        width, height, shades = blank.evaluate(SHADES, seen)
    finally:
        blank.close()
    return width, height, base64.b64decode(shades)
