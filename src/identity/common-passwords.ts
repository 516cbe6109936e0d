// Passwords that attackers try first: those of a list of the commonest, and what is easily made of one.

/** How many digits and signs around a common password do not make it a good one. */
const MAX_AFFIX = 6;

/** The list is loaded when it is first needed: nobody sets a password when the server starts. */
let list: Promise<ReadonlySet<string>> | undefined;

async function loadList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

/**
 * Whether it is a common password, in any case, a repeated one, or one with a few digits or signs around it; or one
 * character, a short text or a sequence over and over.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  list ??= loadList();
  const common = await list;
  const plain = password.normalize('NFKC').trim().toLowerCase();
  const unit = repeatedUnit(plain);
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return (
    common.has(plain) ||
    common.has(unit) ||
    unit.length <= 3 ||
    isSequence(unit) ||
    (plain.length - core.length <= MAX_AFFIX && common.has(core))
  );
}

/** The shortest text of which this one is a repetition; itself if there is none. */
function repeatedUnit(text: string): string {
  // A text is found in its double at a smaller offset than its length only if it is a repetition.
  return text.slice(0, (text + text).indexOf(text, 1));
}

/** Whether each character follows or precedes the one before it: `abcdef…`, `987654…`; 0 follows 9. */
function isSequence(text: string): boolean {
  const steps = new Set([...text].slice(1).map((character, index) => stepBetween(text.charAt(index), character)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

function stepBetween(before: string, after: string): number {
  if (before === '9' && after === '0') return 1;
  if (before === '0' && after === '9') return -1;
  return after.charCodeAt(0) - before.charCodeAt(0);
}
