// The floor of writes and of a cold start: Express 5 with a route that parses JSON, and one that returns a small JSON
// body.
import { createServer } from 'node:http';
import express from 'express';
import { listen } from './floor-process.ts';

const app = express();
app.post('/api/incidents', express.json(), (request, response) => {
  response.status(201).json(request.body);
});
app.get('/api/status', (_request, response) => {
  response.json({ overallStatus: 'operational' });
});

listen(createServer(app));
