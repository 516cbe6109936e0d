// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './api-key-text.cases.ts';
import './client-address.cases.ts';
import './common-passwords.cases.ts';
import './origins.cases.ts';
import './passwords.cases.ts';
import './revocation.cases.ts';
