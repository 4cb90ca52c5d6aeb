"""The close codes of the contract, each from this one place."""

#: The server restarts: come back, with jitter.
RESTART = 1012
#: You talked.
TALKED = 4400
#: The event is not public: stop.
GONE = 4404
#: Too slow: come back.
SLOW = 4408
#: No place: poll.
FULL = 4429
#: At the desk: logged out, come back once logged in. And: no place here any more.
LOGGED_OUT = 4401
NO_PLACE = 4403
