"""What programs that are not ours say of a pack's PDF: how many pages, and whether the one signature holds for all of it.

For the bench; a court asks them itself. Does not do: replace `verified`, which also holds the folder against the signature.
"""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

NOT_HERE = "not here"


def pages_of(pdf: bytes) -> int:
    """How many pages pypdf counts."""
    from pypdf import PdfReader  # noqa: PLC0415  # heavy, and only packs need it

    return len(PdfReader(BytesIO(pdf)).pages)


def pyhanko_says(pdf: bytes) -> str:
    """What pyHanko says, trusting the certificate in the file: that shows that nothing changed, not by whom."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  # heavy, as above
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return "accepts" if validate_pdf_signature(signature, context).bottom_line else "refuses"


def pdfsig_says(pdf: Path) -> str:
    """What pdfsig (poppler-utils) says, or that it is not here."""
    program = shutil.which("pdfsig")
    if program is None:
        return NOT_HERE
    done = subprocess.run([program, str(pdf)], capture_output=True, text=True, check=False)  # noqa: S603  # our own file
    both = "Signature is Valid" in done.stdout and "Total document signed" in done.stdout
    return "accepts" if both else "refuses"
