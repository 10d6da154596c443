import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { withExamples } from './examples.js';
import { conditions, headers, headersOfDeprecated } from './headers.js';
import { type Operation, operationsOf, withAnswers } from './operations.js';
import { errorSchema, problemSchema } from './refusals.js';
import { routesOf } from './routes.js';
import { describeRules } from './rules.js';
import { tidy } from './tidy.js';

/** The REST contract as OpenAPI 3.1. `openapi.json` at the top of the repository is this, and a test fails when it is not. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  describeRules();
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Applicant tracking with background checks')
    .setDescription(description)
    .setVersion('0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: tokens })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: keys }, 'apiKey')
    .addCookieAuth(sessionCookie, { type: 'apiKey', in: 'cookie', description: sessions }, 'session');
  for (const [name, what] of Object.entries(tags)) about.addTag(name, what);
  const document = SwaggerModule.createDocument(app, about.build());
  document.servers = [installation];
  const components = (document.components ??= {});
  Object.assign((components.schemas ??= {}), { ErrorResponse: errorSchema, Problem: problemSchema });
  components.parameters = conditions;
  const routes = routesOf(app);
  const isDeprecated = [...routes.values()].some(({ deprecations }) => deprecations.length > 0);
  components.headers = { ...headers, ...(isDeprecated ? headersOfDeprecated : {}) };
  const shared = (components.responses ??= {});
  for (const operation of operationsOf(document)) withAnswers(operation, routeOf(operation), shared);
  return withExamples(tidy(document));

  function routeOf({ operationId = '' }: Operation) {
    const route = routes.get(operationId);
    if (!route) throw new Error(`${operationId} has no ApiOperation with an operationId.`);
    return route;
  }
}

const description = [
  'Jobs, candidates, applications and the background checks of their candidates.',
  'Errors have one shape: code, status, message, errors by place and field, and a stable reason; clients that prefer ' +
    '`application/problem+json` get problem details. An address that does not exist is answered 404 `not_found`, and another ' +
    'method of an existing one 405 `method_not_allowed`.',
  'Answers may get further fields, and further values where they have one of several: ignore what you do not know.',
  'Lists are bare arrays: `Link` leads to the next page, `X-Total-Count` has the number of all entries. Times are UTC in ISO ' +
    '8601. Texts hold no NUL. Unknown fields and query parameters are refused.',
].join('\n\n');

/** The linter asks for the last two: whom a server is for, and that it is no test server. */
const installation = { url: '/', description: 'The installation in production', 'x-internal': false };

const tokens =
  'An access token of the installation’s identity provider, verified as RFC8725 advises. A person whom several teams have listed also sends the header ' +
  'X-Team-Id; without it the answer is 409 `choose_team`, with the teams under `errors.headers`.';

const keys =
  'A key of a service account. Each operation says which scope the account needs; an operation that says none is for people only ' +
  '(403 `scope_missing`). A token of the identity provider for a machine client that an admin linked to the account is a bearer token, ' +
  'and has those scopes of the account that it names.';

const sessionCookie = '__Host-ats_session';
const sessions =
  'The session of a browser. A request that changes something also sends a header X-CSRF-Protection with any value. Plain http ' +
  'has no prefix in the name of the cookie.';

const tags = {
  Applications: 'Candidates who applied for a job, and the tasks of their interview plan',
  'Audit log': 'Who did what, and who was refused',
  'Background checks': 'Sent to candidates, followed, cancelled, resent, and their results',
  Candidates: 'People who apply',
  Changes: 'What changed, for systems that keep a copy',
  Console: 'What the console in the browser needs before anyone signs in',
  Imports: 'Jobs, candidates and applications of another system',
  Integrations: 'The vendors of background checks, and the connection of the team to each',
  'Interview plan': 'The stages of a job and their activities',
  Jobs: 'What candidates apply for, and who may do what there',
  Privacy: 'How long data are kept, what goes next, and what went',
  'Service accounts': 'Programs of the team, what they may do, and their keys',
  'Sign-in': 'The ends of a session, and the choice of a team',
  Users: 'The members of the team',
  'Webhook endpoints': 'Addresses of other systems that get signed events',
};
