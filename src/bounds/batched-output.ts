// Writes at once what comes in one turn of the loop: each write to a pipe is a call of the system, and wakes up who reads it.

/** Takes text. */
export interface Output {
  write(text: string): unknown;
}

/** The same output, a turn of the loop later. */
export function batched(output: Output): Output {
  let waiting = '';
  const flush = () => {
    const text = waiting;
    waiting = '';
    output.write(text);
  };
  return {
    write(text) {
      if (waiting === '') setImmediate(flush);
      waiting += text;
    },
  };
}
