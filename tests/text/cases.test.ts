// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './cut-text.cases.ts';
import './fill.cases.ts';
import './formats.cases.ts';
import './headline.cases.ts';
import './words/catalogues.cases.ts';
import './words/languages.cases.ts';
import './words/texts.cases.ts';
