#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// The command line: `plive <verb> …`. Finds the verb; what that answers is the exit code.
import dotenv from 'dotenv';
import { VARIABLES } from '../config.ts';
import { VERIFY_USAGE, verifyCommand } from './verify.ts';

const USAGE = `Usage: ${VERIFY_USAGE}`;

dotenv.config({ quiet: true });
const dataDir = VARIABLES.shape.DATA_DIR.parse(process.env.DATA_DIR || undefined);
const [verb, ...words] = process.argv.slice(2);

if (verb === 'verify') {
  process.exitCode = await verifyCommand(words, { dataDir });
} else if (verb === '--help' || verb === '-h') {
  console.log(USAGE);
} else {
  console.error(verb === undefined ? USAGE : `There is no "${verb}".\n${USAGE}`);
  process.exitCode = 2;
}
