"""How AUTOMATIC1111's web interface says no."""

from providers.cases import Case
from support.fakes.automatic1111 import Automatic1111
from support.fakes.files import picture
from support.till.replies import of_json

REFUSALS = {
    "bad_key": of_json(401, {"detail": "Incorrect username or password"}),
    "not_found": of_json(404, {"detail": "Not Found"}),
    "bad_parameter": of_json(
        422, {"detail": [{"loc": ["body", "steps"], "msg": "value is not an integer", "type": "x"}]}
    ),
}
MODEL = "model: 'automatic1111:dreamshaper_8'"
TXT2IMG = Case(
    name="automatic1111",
    make=Automatic1111,
    step=f"  - {{type: text_to_image, {MODEL}, params: {{prompt: a red fox}}}}\n",
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)
IMG2IMG = Case(
    name="automatic1111-img2img",
    make=Automatic1111,
    step=f"  - {{type: image_to_image, {MODEL}, params: {{prompt: at night, image: a.png}}}}\n",
    files={"a.png": picture},
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)
