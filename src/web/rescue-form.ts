import { limits } from '#kernel/limits.ts';
import { boundaryOf, readMultipart } from '#web/multipart.ts';
import { typedText } from '#web/typed-text.ts';

/** A form with files on its way in, of which the beginning is remembered. */
export interface WatchedForm {
  /** To be read instead of the request. */
  request: Request;
  /** The text fields that stand before the file that was too much; what comes after it is lost. */
  rescue(): Promise<Map<string, string[]>>;
}

/** A form that is refused for its size is refused before it is whole; what a person typed into it must not be lost. */
export function watchForm(request: Request): WatchedForm {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let ended = reader === undefined;

  async function next(): Promise<Uint8Array | null> {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    ended = done;
    if (!value) return null;
    if (bytes < limits.formBodyBytes) chunks.push(value);
    bytes += value.byteLength;
    return value;
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await next();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      async cancel(reason) {
        ended = true;
        await reader?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: 'POST', headers: request.headers, body, duplex: 'half' };

  return {
    request: new Request(request.url, init),
    async rescue() {
      while (!ended && bytes < limits.formBodyBytes) await next();
      await reader?.cancel().catch(() => undefined);
      return textFields(Buffer.concat(chunks), boundaryOf(request.headers.get('content-type')));
    },
  };
}

function textFields(beginning: Buffer, boundary: string | null): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  const end = boundary === null ? -1 : beginning.lastIndexOf(`\r\n--${boundary}`);
  if (end === -1) return fields;
  const whole = Buffer.concat([beginning.subarray(0, end), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  try {
    for (const { name, isFile, bytes } of readMultipart(whole, boundary as string)) {
      if (!isFile) fields.set(name, [...(fields.get(name) ?? []), typedText(bytes.toString('utf8'))]);
    }
  } catch {
    // A form that nobody's browser sends has nothing to be rescued.
  }
  return fields;
}
