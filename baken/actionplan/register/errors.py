"""What can go wrong in the register; every sentence says what is safe."""

from baken.actionplan.errors import ActionPlanError
from baken.storage.errors import BakenError


class RegisterError(ActionPlanError):
    """Something about the register of acts by third parties."""


class NoRegister(RegisterError):
    """There is no register here, or no such entry: the answer is the same."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("register.missing", "There is nothing at this address.")


class NotYours(RegisterError):
    """The table of access gives this person no such right."""

    kind = "denied"

    def __init__(
        self,
        key: str = "register.not_yours",
        sentence: str = "The register is open to a few people only, as the law says. Ask whoever "
        "keeps it.",
    ) -> None:
        super().__init__(key, sentence)


class InvalidEntry(RegisterError):
    """What was filled in cannot be recorded like this."""


class AboutColleague(InvalidEntry):
    """Acts of colleagues have a procedure of their own."""

    def __init__(self) -> None:
        super().__init__(
            "register.about_colleague",
            "This register is for acts of people from outside. For a colleague or a superior "
            "there is another way, with more protection: it stands on this page. Nothing was "
            "sent; your text is still below.",
        )


class NotNow(RegisterError):
    """The entry is in another state: somebody was first, or its term is over."""

    kind = "conflict"


class Unreadable(RegisterError):
    """The key of an entry is not in the key store."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "register.unreadable",
            "This entry cannot be read: its key is not in the key store. Either its term is over "
            "and the database came from an older backup, or the key folder has to be restored "
            "from its backup. Nothing was overwritten.",
        )


class WrongWord(BakenError):
    """The access word or the receipt is not right; what else is wrong is not told."""

    kind = "denied"

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(key, sentence)


class TooMany(BakenError):
    """More entries arrived today than anybody can have meant."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "register.too_many",
            "The register has received many entries today and takes no more by this address "
            "until tomorrow. Nothing was sent; your text is still below. You can give it to the "
            "person who keeps the register.",
        )
