import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/*
 * What every figure is held against: the same framework with routes that do nothing.
 */
const app = new Hono();
app.get('/bare', (c) => c.text('ready'));
app.post('/bare', async (c) => {
  await c.req.arrayBuffer();
  return c.body(null, 202);
});
const server = serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' });
process.once('SIGTERM', () => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});
