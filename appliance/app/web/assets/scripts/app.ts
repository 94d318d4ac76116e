// What makes pages quicker to use. Every page works without this file.

import "htmx.org";

import { guardUnsaved } from "./unsaved";
import { offerCodes } from "./codes";
import { offerCopying } from "./copying";
import { offerPasswordSight } from "./password";
import { openLinked } from "./openings";
import { preventDoubleSending } from "./sending";
import { reportFailures } from "./failures";
import { switchTheme } from "./appearance";

preventDoubleSending();
guardUnsaved();
switchTheme();
openLinked();
reportFailures();

function enhance(part: ParentNode): void {
  offerCodes(part);
  offerCopying(part);
  offerPasswordSight(part);
}

enhance(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element && event.target !== document.body) {
    enhance(event.target.parentElement ?? event.target);
  }
});
