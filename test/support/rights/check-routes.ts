/** Checks. The checks are complete: 409 means that the caller has the right, and only the check's status prevents the action. */
export const checkRoutes = `
GET /ats/v0/background_checks
GET /ats/v0/updates
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      401     401   200   200    200

GET /ats/v0/background_checks/{id}
GET /ats/v0/background_checks/{id}/history
POST /ats/v0/background_checks/{id}/refresh
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      404      200       200     200    200    200    200      404      404      401     401   200   200    200
other       200      200      200       200     404    404    404    404      404      404      401     401   200   200    404
secret      200      200      404       200     404    404    404    404      404      404      401     401   200   200    404
foreign     404      404      404       404     404    404    404    404      404      200      401     401   404   404    404

GET /ats/v0/background_checks/{id}/results
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      404      403       403     403    403    200    403      404      404      401     401   200   403    200
other       200      200      403       403     404    404    404    404      404      404      401     401   200   403    404
secret      200      200      404       200     404    404    404    404      404      404      401     401   200   403    404
foreign     404      404      404       404     404    404    404    404      404      200      401     401   404   403    404

POST /ats/v0/background_checks/{id}/cancel
POST /ats/v0/background_checks/{id}/resend
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         409      404      409       409     409    409    403    403      404      404      401     401   409   403    409
other       409      409      409       409     404    404    404    404      404      404      401     401   409   403    404
secret      409      409      404       409     404    404    404    404      404      404      401     401   409   403    404
foreign     404      404      404       404     404    404    404    404      404      409      401     401   404   403    404

POST /ats/v0/background_checks/{id}/decide
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         409      404      403       403     403    403    403    403      404      404      401     401   403   403    403
other       409      409      403       403     404    404    404    404      404      404      401     401   403   403    403
secret      409      409      404       403     404    404    404    404      404      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      409      401     401   403   403    403

POST /ats/v0/applications/{id}/background_checks
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         201      403      201       201     201    201    403    403      404      404      401     401   201   403    201
other       201      201      201       201     404    404    404    404      404      404      401     401   201   403    404
secret      201      201      404       201     404    404    404    404      404      404      401     401   201   403    404
foreign     404      404      404       404     404    404    404    404      404      201      401     401   404   403    404
`;
