// Jest calls this after a run: stops its PostgreSQL server.

module.exports = async function end() {
  const { endRun } = await import('./run.ts');
  await endRun();
};
