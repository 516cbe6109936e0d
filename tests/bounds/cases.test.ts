// The tests of this folder that share one file, because jest takes half a second to set each file up: those without
// hooks at their top level, which would run for all.
import './batched-output.cases.ts';
import './concurrency.cases.ts';
import './fair-line.cases.ts';
import './fair-queue.cases.ts';
import './places.cases.ts';
import './read-ahead.cases.ts';
import './recent-map.cases.ts';
import './turns.cases.ts';
