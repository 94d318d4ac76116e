// What makes pages quicker to use. Every page works without this file.

import "htmx.org";

import { guardUnsaved } from "./unsaved";
import { offerChoosing } from "./choosing";
import { offerCodes } from "./codes";
import { offerCopying } from "./copying";
import { offerPasswordSight } from "./password";
import { offerQuickSending } from "./quick";
import { openLinked } from "./openings";
import { preventDoubleSending } from "./sending";
import { reportFailures } from "./failures";
import { shortenHints } from "./hints";
import { switchTheme } from "./appearance";
import { tidyAddresses } from "./addresses";

preventDoubleSending();
guardUnsaved();
switchTheme();
openLinked();
reportFailures();
offerQuickSending();
tidyAddresses();

function enhance(part: ParentNode): void {
  offerChoosing(part);
  offerCodes(part);
  offerCopying(part);
  offerPasswordSight(part);
  shortenHints(part);
}

enhance(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element && event.target !== document.body) {
    enhance(event.target.parentElement ?? event.target);
  }
});
