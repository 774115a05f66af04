"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OfficeArgon2(Argon2PasswordHasher):
    """
    Argon2id with 19 MiB, two passes, one lane, as OWASP advises: a check costs about 30 ms of CPU where Django's usual
    parameters cost 250, so five sign-ins a second are a sixth of a core and not two.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
