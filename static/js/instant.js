// Finding while one types, on the pages that have the search box.

import { ofPage } from "./client.js";
import { fromHub, instant } from "./tab/instant.js";

const client = ofPage();
instant((words, signal) => fromHub(client, words, signal));
