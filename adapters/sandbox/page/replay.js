// The replay needs no script but for this: its time in the reader's own zone.

import { localise } from "./times.js";

localise(document);
