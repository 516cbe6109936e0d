// Short facts on one line, with a dot between them.
import type { ComponentChild } from 'preact';

/** Those that are nothing are left out. */
export function Dotted({ facts }: { readonly facts: readonly ComponentChild[] }) {
  const present = facts.filter((fact) => fact !== null && fact !== undefined && fact !== false && fact !== '');
  return (
    <>
      {present.map((fact, index) => (
        <span key={index} class="fact">
          {index > 0 && <span aria-hidden="true"> · </span>}
          {fact}
        </span>
      ))}
    </>
  );
}
