// Jest calls this before a run: its tests can then ask for a PostgreSQL server.

module.exports = async function begin() {
  const { beginRun } = await import('./run.ts');
  await beginRun();
};
