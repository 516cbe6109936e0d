// The tests of this folder that share one file, because jest takes half a second to set each file up.
import './history-view.cases.ts';
import './incident-view.cases.ts';
import './maintenance-view.cases.ts';
import './service-view.cases.ts';
import './views.cases.ts';
