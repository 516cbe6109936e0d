// What a reader has chosen, kept in the browser. Where the browser keeps nothing, it lasts as long as the page.

const PREFIX = 'plive-';

const unkept = new Map<string, string>();

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return unkept.get(key) ?? null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    unkept.set(key, value);
  }
}
