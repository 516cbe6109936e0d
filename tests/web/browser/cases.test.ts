// What the script of the pages decides without a page. The rest is tried in a browser.
import './connection-state.cases.ts';
import './delays.cases.ts';
import './relative.cases.ts';
import './strip-keys.cases.ts';
