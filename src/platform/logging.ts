import { LoggerModule } from 'nestjs-pino';
import { Settings } from './config/settings.js';

interface LoggedRequest {
  id: unknown;
  method: string;
  url: string;
}

/** An allow-list: a log line holds only the fields named here. Queries may hold e-mail addresses, so only paths are logged. */
export const logging = LoggerModule.forRootAsync({
  inject: [Settings],
  useFactory: (settings: Settings) => ({
    pinoHttp: {
      level: settings.logLevel,
      quietReqLogger: true,
      // `edge.ts` logs how requests ended: this middleware runs once for every pattern that matches a path.
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
