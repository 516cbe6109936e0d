// Batches the writes of one event loop turn into one: each write to a pipe is a system call and wakes up its reader.

/** A destination for text, such as a stream. */
export interface Output {
  write(text: string): unknown;
}

/** Writes to the output at the end of the current event loop turn. */
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
