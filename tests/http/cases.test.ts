// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './browsers/reader.cases.ts';
import './client-types.cases.ts';
import './examples.cases.ts';
import './openapi.cases.ts';
