// The clocks of the company, on a page that was painted with them.

import { ofPage } from "./client.js";
import { goOn } from "./tab/clocks.js";

const client = ofPage();
goOn(async () => (await client.get("workspace")).clocks);
