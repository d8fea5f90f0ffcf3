// The worker of the build that leaves the browser its own new tab: its button opens the tab beside the page.

import "./worker.js";

chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
