/* The gallery on a loopback port, under the content security policy that the pages must bear. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveAsset } from '#web/assets.ts';
import type { Scheme } from '#web/view-context.ts';
import { galleryPicture } from './gallery-media.ts';
import { galleryAssets, PAGES } from './render-gallery.tsx';

const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface Gallery {
  origin: string;
  /** What was posted, as `path?body`. */
  posted: string[];
  /** The status that the next posts are answered with. */
  answerPostsWith: number;
  close(): void;
}

interface Answer {
  status: number;
  type: string;
  body: string | Uint8Array;
}

export async function serveGallery(): Promise<Gallery> {
  const gallery: Gallery = { origin: '', posted: [], answerPostsWith: 204, close: () => server.close() };
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        gallery.posted.push(`${request.url}?${Buffer.concat(chunks).toString('utf8')}`);
        response.writeHead(gallery.answerPostsWith).end();
      });
      return;
    }
    void answer(request.url ?? '/').then(({ status, type, body }) => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': CSP,
        'x-content-type-options': 'nosniff',
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  gallery.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gallery;
}

async function answer(path: string): Promise<Answer> {
  const asset = serveAsset(galleryAssets, path);
  if (asset) return { status: 200, type: asset.type, body: asset.body };
  const picture = galleryPicture(path.replace('/media/', ''));
  if (picture) return { status: 200, type: 'image/png', body: await picture };
  const [, name, scheme] = /^\/([\w-]+)\.(light|dark)\.html$/.exec(path) ?? [];
  const page = PAGES.find((candidate) => candidate.name === name);
  if (page) return { status: 200, type: 'text/html; charset=utf-8', body: page.render(scheme as Scheme) };
  // What the pages link to: any address of the app answers with its confirmation, as far as a dialog may want one.
  const confirm = PAGES.find((candidate) => candidate.name === 'confirm');
  if (confirm && /^\/posts\/\d+\/delete/.test(path)) {
    return { status: 200, type: 'text/html; charset=utf-8', body: confirm.render('auto') };
  }
  return { status: 404, type: 'text/plain', body: 'not found' };
}
