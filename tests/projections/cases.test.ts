// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './explain.cases.ts';
import './golden.cases.ts';
import './groups.cases.ts';
import './histories.cases.ts';
import './history.cases.ts';
import './incidents.cases.ts';
import './organizations.cases.ts';
import './page.cases.ts';
import './pages.cases.ts';
import './public-heads.cases.ts';
import './redactions.cases.ts';
import './services.cases.ts';
import './status.cases.ts';
import './without-zod.cases.ts';
