"""What stops a case."""

from rest_framework import serializers

from talentcard.core.api.serializers import ErrorOutput


class ObstacleOutput(serializers.Serializer):
    """A reason why a case may not go on until an officer has decided about it."""

    code = serializers.CharField()
    message = serializers.CharField()


class ReviewRefusedOutput(ErrorOutput):
    """Why a review was refused; with the code `case_stopped`, everything that stops the case."""

    obstacles = ObstacleOutput(many=True, required=False)
