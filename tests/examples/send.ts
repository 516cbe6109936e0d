// Writes over REST, in few words.

/** Sends JSON and resolves with the id of what was created or changed. Throws where it was refused. */
export async function send(url: string, body: object, method = 'POST'): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  return id;
}
