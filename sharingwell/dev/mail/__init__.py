"""The mail of `make run`: caught on this machine, and read at `/dev/mail/`. No part of it is there in production."""
