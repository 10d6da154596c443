import { LoggerModule } from 'nestjs-pino';
import { Settings } from './config/settings.js';

interface LoggedRequest {
  id: unknown;
  method: string;
  url: string;
}

/** Allow-listed: a log line holds what is named here and nothing else. Queries may hold e-mail addresses, so paths only. */
export const logging = LoggerModule.forRootAsync({
  inject: [Settings],
  useFactory: (settings: Settings) => ({
    pinoHttp: {
      level: settings.logLevel,
      quietReqLogger: true,
      // `edge.ts` says how requests ended: the middleware runs once for every pattern that matches a path.
      autoLogging: false,
      serializers: {
        req: (request: LoggedRequest) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?', 1)[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: (error: Error) => ({ type: error.name, message: error.message }),
      },
    },
  }),
});
