import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The REST contract as OpenAPI: `openapi.json` at the top of the repository is this, and a test fails when it is not. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('ATS with background checks')
    .setDescription('Errors have one shape: code, status, message, errors by place and field, and a stable reason.')
    .setVersion('0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: tokens })
    .addSecurityRequirements('bearer')
    .build();
  return withErrors(SwaggerModule.createDocument(app, about));
}

const tokens =
  'An access token of the installation’s identity provider. A person whom several teams have listed also sends the header ' +
  'X-Team-Id; without it the answer is 409 `choose_team`, with the teams under `errors.headers`.';

const text = { type: 'string' };
const messages = { type: 'object', additionalProperties: { type: 'array', items: text } };

/** The one shape of every refusal and failure, on every route. */
const errorSchema = {
  type: 'object',
  required: ['code', 'status', 'message', 'errors', 'reason'],
  properties: {
    code: { type: 'number', description: 'The HTTP status' },
    status: text,
    message: { ...text, description: 'One sentence a recruiter understands' },
    errors: {
      type: 'object',
      properties: { json: messages, query: messages, path: messages, headers: messages },
      description: 'Messages by place and field; may be empty',
    },
    reason: { ...text, description: 'A stable machine word' },
  },
};

function withErrors(document: OpenAPIObject): OpenAPIObject {
  const schema = { $ref: '#/components/schemas/ErrorResponse' };
  const response = { description: 'Refused, or failed', content: { 'application/json': { schema } } };
  Object.assign(((document.components ??= {}).schemas ??= {}), { ErrorResponse: errorSchema });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      if (isOperation(operation)) operation.responses['default'] ??= response;
    }
  }
  return document;
}

const isOperation = (part: unknown): part is { responses: Record<string, object> } =>
  typeof part === 'object' && part !== null && 'responses' in part;

/** Serves the document at the root, for tools of developers. */
export function serveApiDescription(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', (_request, reply) => reply.send((document ??= describeApi(app))));
}
