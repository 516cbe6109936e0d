// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './fields.cases.ts';
import './groups.cases.ts';
import './numbers.cases.ts';
import './organizations.cases.ts';
import './page-order.cases.ts';
import './quotas.cases.ts';
import './ranks.cases.ts';
import './redactions.cases.ts';
import './revocations.cases.ts';
import './services.cases.ts';
import './templates.cases.ts';
import './times.cases.ts';
import './translations.cases.ts';
